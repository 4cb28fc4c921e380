"""All that touches the world: Copier, the file system, git and Docker. Never the UI."""
