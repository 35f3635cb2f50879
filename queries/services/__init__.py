"""Services: what they return, and what their journeys show."""
