import { type ReactNode, useRef } from 'react';
import { Icon } from '../shared/ui/Icon';
import { Menu, type MenuOption } from '../shared/ui/Menu';
import { Tooltip } from '../shared/ui/Tooltip';
import styles from './TicketBar.module.css';

interface PickProps<T> {
  testId: string;
  label: string;
  keys?: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  options: MenuOption<T>[];
  chosen?: string | null;
  searchable?: boolean;
  onChoose: (value: T) => void;
  children: ReactNode;
}

/** A button of the ticket bar that opens a list to choose from. */
export function Pick<T>({ testId, label, keys, open, onOpen, children, ...menu }: PickProps<T>) {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Tooltip text={label} keys={keys}>
        <button
          ref={button}
          type="button"
          className={styles.pick}
          aria-haspopup="listbox"
          aria-expanded={open}
          data-testid={testId}
          onClick={() => onOpen(!open)}
        >
          <span className="visually-hidden">{label}</span>
          {children}
          <Icon name="down" size={14} />
        </button>
      </Tooltip>
      {open && <Menu anchor={button} label={label} {...menu} onClose={() => onOpen(false)} />}
    </>
  );
}
