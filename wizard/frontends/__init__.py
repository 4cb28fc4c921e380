"""The command line: the same questions and the same bytes as the wizard, without a screen."""
