"""What people search for."""
