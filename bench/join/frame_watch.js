// In the page of a newcomer: when the first frame of each remote tile is drawn. Times are those of
// performance.now(), as the page's own stages are.
(() => {
  const firstFrames = new Map();
  const waiting = [];

  new MutationObserver(() => {
    for (const video of document.querySelectorAll('[data-testid="tile"] video')) {
      if (firstFrames.has(video)) continue;
      firstFrames.set(video, null);
      const drawn = () => {
        if (firstFrames.get(video) !== null) return;
        firstFrames.set(video, performance.now());
        // The page tells of its stages a little later.
        setTimeout(settle, 100);
      };
      video.requestVideoFrameCallback(drawn);
      // A frame that came before its tile is drawn together with it, at the end of this task.
      if (video.readyState >= video.HAVE_CURRENT_DATA) {
        requestAnimationFrame(() => setTimeout(drawn));
      }
    }
  }).observe(document, { childList: true, subtree: true });

  const times = () => [...firstFrames.values()].filter((time) => time !== null);

  function settle() {
    for (const { count, resolve } of waiting) if (times().length >= count) resolve();
  }

  // Resolves when so many pictures have begun, or when the time is over, with all that is known.
  window.__frameWatch = async (count, timeoutMs) => {
    await Promise.race([
      new Promise((resolve) => waiting.push({ count, resolve })),
      new Promise((resolve) => setTimeout(resolve, timeoutMs)),
    ]);
    return {
      stages: window.__confab?.stages ?? {},
      frames: times(),
      origin: performance.timeOrigin,
    };
  };
})();
