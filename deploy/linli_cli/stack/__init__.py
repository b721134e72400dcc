"""Starting and stopping: the embedded stack, and the first start of one in containers."""
