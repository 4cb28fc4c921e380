"""Pure values: questions, answers and file trees. No disk, no Copier, no terminal."""
