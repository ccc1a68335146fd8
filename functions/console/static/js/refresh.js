// Reading again and again, with no needless call: only while somebody can see the page, and ever less often while it fails.

const longestPause = 300; // seconds, after errors

/**
 * Does something now and then again. task gets an AbortSignal, and may return the seconds until the next time; failed is
 * told of an error, and of null when things go well again. Returns what ends it; calling its now() does it at once.
 */
export function refreshing(seconds, task, failed) {
  const ended = new AbortController();
  let timer, failures = 0, due = 0, running = false;
  const plan = (pause) => {
    due = Date.now() + pause * 1000;
    clearTimeout(timer);
    if (!document.hidden && !ended.signal.aborted) timer = setTimeout(run, pause * 1000);
  };
  async function run() {
    if (running || ended.signal.aborted) return;
    running = true;
    let pause = seconds;
    try {
      pause = (await task(ended.signal)) ?? seconds;
      if (failures > 0) failed(null);
      failures = 0;
    } catch (error) {
      if (ended.signal.aborted) return;
      failures++;
      pause = Math.min(longestPause, seconds * 2 ** failures) * (0.8 + 0.4 * Math.random()); // not all pages at one moment
      failed(error, Math.round(pause));
    } finally {
      running = false;
    }
    plan(pause);
  }
  const seen = () => {
    if (document.hidden) clearTimeout(timer);
    else if (!running) plan(Math.max(0, (due - Date.now()) / 1000));
  };
  document.addEventListener("visibilitychange", seen, { signal: ended.signal });
  run();
  const end = () => {
    clearTimeout(timer);
    ended.abort();
  };
  end.now = run;
  return end;
}

/** How often a list of so many pages is read: at most one page in six seconds, which is 600 calls an hour. */
export const pace = (pages, least = 30) => Math.max(least, 6 * pages);
