/* Runs before the first paint, only where the person lets the device decide: the server cannot know light from dark. */
document.documentElement.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
