"""How WeChat's public platform writes its pages (PAGES.md §1 and §2)."""
