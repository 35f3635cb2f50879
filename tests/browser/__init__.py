"""The pages in a real Chromium, against the real server with a small made-up estate."""
