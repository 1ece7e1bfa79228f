"""What the searches by trials of convolutional and of recurrent cells share."""
