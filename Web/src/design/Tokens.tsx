import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../shared/ui/Button';
import styles from './DesignPage.module.css';

/** Grounds, with the inks that are written on them. */
const grounds: { ground: string; inks: string[] }[] = [
  { ground: '--bg', inks: ['--text', '--soft', '--faint', '--accent-text'] },
  { ground: '--surface', inks: ['--text', '--soft', '--faint', '--bad', '--warn', '--info'] },
  { ground: '--raised', inks: ['--text', '--soft', '--faint'] },
  { ground: '--hover', inks: ['--text', '--soft'] },
  { ground: '--selected', inks: ['--text', '--soft'] },
  { ground: '--accent', inks: ['--accent-ink'] },
  { ground: '--accent-soft', inks: ['--accent-text'] },
  { ground: '--warn-soft', inks: ['--warn'] },
  { ground: '--bad-soft', inks: ['--bad'] },
  { ground: '--info-soft', inks: ['--info'] },
  { ground: '--in', inks: ['--text', '--meta'] },
  { ground: '--out', inks: ['--text', '--meta', '--read'] },
  { ground: '--note', inks: ['--note-ink'] },
  { ground: '--note-strong', inks: ['--note-ink'] },
];
const sizes = ['--text-11', '--text-12', '--text-13', '--text-14', '--text-16', '--text-20', '--text-28'];
const spaces = ['--space-1', '--space-2', '--space-3', '--space-4', '--space-5', '--space-6'];
const radii = ['--radius', '--radius-m', '--radius-l'];

export function Colours() {
  return (
    <ul className={styles.swatches}>
      {grounds.map(({ ground, inks }) => (
        <li key={ground} style={{ background: `var(${ground})` }}>
          {inks.map((ink) => (
            <span key={ink} style={{ color: `var(${ink})` }}>
              <code>{ink.slice(2)}</code>
            </span>
          ))}
          <code style={{ color: `var(${inks[0]})` }}>{ground.slice(2)}</code>
        </li>
      ))}
    </ul>
  );
}

export function Type() {
  const { t } = useTranslation();
  return (
    <ul className={styles.stack}>
      {sizes.map((size) => (
        <li key={size} className={styles.line}>
          <code>{size.slice(2)}</code>
          <span style={{ fontSize: `var(${size})` }}>{t('design.sampleText')}</span>
        </li>
      ))}
    </ul>
  );
}

export function Spacing() {
  return (
    <div className={styles.row}>
      {spaces.map((space) => (
        <span key={space} className={styles.measure}>
          <i style={{ width: `var(${space})`, height: `var(${space})` }} />
          <code>{space.slice(2)}</code>
        </span>
      ))}
      {radii.map((radius) => (
        <span key={radius} className={styles.measure}>
          <i className={styles.corner} style={{ borderRadius: `var(${radius})` }} />
          <code>{radius.slice(2)}</code>
        </span>
      ))}
    </div>
  );
}

export function Motion() {
  const { t } = useTranslation();
  const [played, setPlayed] = useState(0);
  return (
    <>
      <p className={styles.lead}>{t('design.motionText')}</p>
      <div className={styles.row}>
        <Button onClick={() => setPlayed(played + 1)}>{t('design.motionPlay')}</Button>
        <span key={played} className={styles.moves} aria-hidden="true" />
      </div>
    </>
  );
}
