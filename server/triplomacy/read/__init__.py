"""Reading: from files to quads. `files` finds them, `turtle` parses, `texts` adds texts."""
