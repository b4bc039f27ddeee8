"""Parts of the window: each draws one view model and passes input on to it."""
