"""Registration: opening it, taking and leaving places, offering seats to the queue."""
