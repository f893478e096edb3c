// Runs before the first paint, so that a chosen theme never flashes the other one.
// A file of its own because the Content Security Policy allows no inline script.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('tercet.theme');
  } catch (_) {
    // Storage may be forbidden; the system's theme is then the answer.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
