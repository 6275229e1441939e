import { type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';
import styles from './Popover.module.css';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  onClose: () => void;
  side?: 'top' | 'bottom' | 'right';
  children: ReactNode;
}

const GAP = 6;
const EDGE = 8;

/** Floats beside its anchor, in the top layer; a click outside or Escape closes it and gives the focus back. */
export function Popover({ anchor, label, onClose, side = 'bottom', children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  // Undone while the box is still in the page: later nobody could tell that the focus was in it.
  useLayoutEffect(() => {
    const element = box.current;
    const opener = anchor.current;
    if (!element || !opener) return;
    element.showPopover();
    place(element, opener.getBoundingClientRect(), side);
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    // Closed by hand, not by the browser: its own light dismissal would let the opener open it again.
    const onPointer = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!element.contains(target) && !opener.contains(target)) close.current();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close.current();
    };
    const onResize = () => place(element, opener.getBoundingClientRect(), side);
    document.addEventListener('pointerdown', onPointer, true);
    document.addEventListener('keydown', onKey, true);
    window.addEventListener('resize', onResize);
    return () => {
      window.removeEventListener('resize', onResize);
      document.removeEventListener('pointerdown', onPointer, true);
      document.removeEventListener('keydown', onKey, true);
      if (element.contains(document.activeElement)) opener.focus();
    };
  }, [anchor, side]);

  return (
    <div ref={box} popover="manual" role="dialog" aria-label={label} className={styles.popover}>
      {children}
    </div>
  );
}

function place(box: HTMLElement, anchor: DOMRect, side: 'top' | 'bottom' | 'right') {
  const { width, height } = box.getBoundingClientRect();
  const wanted = {
    top: { left: anchor.left, top: anchor.top - GAP - height },
    bottom: { left: anchor.left, top: anchor.bottom + GAP },
    right: { left: anchor.right + GAP, top: anchor.bottom - height },
  }[side];
  box.style.left = `${clamp(wanted.left, EDGE, window.innerWidth - width - EDGE)}px`;
  box.style.top = `${clamp(wanted.top, EDGE, window.innerHeight - height - EDGE)}px`;
}

function clamp(value: number, least: number, most: number) {
  return Math.max(least, Math.min(value, most));
}
