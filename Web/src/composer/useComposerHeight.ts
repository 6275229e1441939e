import { type RefObject, useLayoutEffect } from 'react';

const NAME = '--composer-height';

/** Tells how far what one writes in reaches up from the window's lower edge: what floats there stays above it. */
export function useComposerHeight(foot: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = foot.current;
    if (!element) return;
    const { style } = document.documentElement;
    const tell = () =>
      style.setProperty(NAME, `${Math.max(0, window.innerHeight - element.getBoundingClientRect().top)}px`);
    const watch = new ResizeObserver(tell);
    watch.observe(element);
    window.addEventListener('resize', tell);
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', tell);
      style.removeProperty(NAME);
    };
  }, [foot]);
}
