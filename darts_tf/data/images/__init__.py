"""Images: sources, decoding, augmentation and batches."""
