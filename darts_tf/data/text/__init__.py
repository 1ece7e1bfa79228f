"""Texts: corpora, vocabularies and streams of batches."""
