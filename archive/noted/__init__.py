"""Records that say something of pages: looks, what was not kept, where older captures come from."""
