"""What makes an event joint, what counts towards which row, and what may be kept about whom."""
