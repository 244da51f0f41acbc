"""Reading: from the files of a site to quads. `files` finds them, `turtle` parses, `texts` adds texts."""
