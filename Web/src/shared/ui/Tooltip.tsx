import { cloneElement, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import styles from './Tooltip.module.css';

interface Props {
  /** Lines of text; the control keeps its own accessible name. */
  text: ReactNode;
  /** A shortcut shown beside it. */
  keys?: string;
  children: ReactElement<Record<string, unknown>>;
}

const DELAY_MS = 350;
const GAP = 6;
const EDGE = 8;

/** Shown on hover and on keyboard focus, left by Escape; described-by, so that screen readers hear it. */
export function Tooltip({ text, keys, children }: Props) {
  const id = useId();
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const timer = useRef<number>(undefined);
  const tip = useRef<HTMLDivElement>(null);

  useEffect(() => () => window.clearTimeout(timer.current), []);

  useEffect(() => {
    const element = tip.current;
    if (!anchor || !element) return;
    element.showPopover?.();
    place(element, anchor);
    const hide = (event: KeyboardEvent) => event.key === 'Escape' && setAnchor(null);
    const leave = () => setAnchor(null);
    window.addEventListener('keydown', hide);
    window.addEventListener('scroll', leave, true);
    return () => {
      window.removeEventListener('keydown', hide);
      window.removeEventListener('scroll', leave, true);
    };
  }, [anchor]);

  const show = (target: Element, delay: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setAnchor(target.getBoundingClientRect()), delay);
  };
  const hide = () => {
    window.clearTimeout(timer.current);
    setAnchor(null);
  };

  return (
    <>
      {cloneElement(children, {
        'aria-describedby': anchor ? id : undefined,
        onPointerEnter: (event: React.PointerEvent) =>
          event.pointerType === 'mouse' && show(event.currentTarget, DELAY_MS),
        onPointerLeave: hide,
        onPointerDown: hide,
        onFocus: (event: React.FocusEvent) => {
          if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget, 0);
        },
        onBlur: hide,
      })}
      {anchor && (
        <div ref={tip} id={id} role="tooltip" popover="manual" className={styles.tip}>
          {text}
          {keys && <kbd>{keys}</kbd>}
        </div>
      )}
    </>
  );
}

function place(tip: HTMLElement, anchor: DOMRect) {
  const { width, height } = tip.getBoundingClientRect();
  const below = anchor.bottom + GAP + height < window.innerHeight - EDGE;
  const left = anchor.left + anchor.width / 2 - width / 2;
  tip.style.top = `${below ? anchor.bottom + GAP : anchor.top - GAP - height}px`;
  tip.style.left = `${Math.min(Math.max(left, EDGE), window.innerWidth - width - EDGE)}px`;
}
