/** Waits until what has been drawn is on the screen. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** A page that nobody sees draws no frames. */
const frameMsMax = 100;

/** Lets what has been drawn come on the screen first, where there is one. */
export function afterDrawing(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, frameMsMax);
    void nextFrame().then(resolve);
  });
}
