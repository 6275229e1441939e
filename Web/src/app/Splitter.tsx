import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from '../shared/store';
import { type Pane, paneLimits, paneWidths, setPaneWidth } from './panes';
import styles from './Splitter.module.css';

interface Props {
  pane: Pane;
  label: string;
  /** Which side of the splitter the pane lies on. */
  side: 'before' | 'after';
}

const KEY_STEP = 16;

/** Between two panes: pulled with the pointer, moved with the arrow keys, double-click puts it back. */
export function Splitter({ pane, label, side }: Props) {
  const width = useStore(paneWidths)[pane];
  const direction = side === 'before' ? 1 : -1;

  const pull = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) =>
      setPaneWidth(pane, width + (moved.clientX - from) * direction);
    const end = () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('lostpointercapture', end);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', end);
  };

  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    setPaneWidth(pane, width + step * direction);
  };

  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={paneLimits[pane].least}
      aria-valuemax={paneLimits[pane].most}
      tabIndex={0}
      className={styles.splitter}
      data-pane={pane}
      onPointerDown={pull}
      onKeyDown={press}
      onDoubleClick={() => setPaneWidth(pane, paneLimits[pane].initial)}
    />
  );
}
