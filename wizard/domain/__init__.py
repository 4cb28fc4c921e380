"""Pure values: questions, answers and file trees. Nothing here touches the disk, Copier or a terminal."""
