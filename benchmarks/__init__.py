"""Speed and size, each figure beside its physical limit, in one run at growing sizes."""
