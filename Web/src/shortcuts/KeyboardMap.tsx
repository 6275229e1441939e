import { useTranslation } from 'react-i18next';
import { modifierName } from '../composer/sendKey';
import { useStore } from '../shared/store';
import { Dialog } from '../shared/ui/Dialog';
import styles from './KeyboardMap.module.css';
import { singleKeys } from './settings';

const groups = [
  {
    title: 'shortcuts.groupThreads',
    lines: [
      { text: 'shortcuts.next', keys: ['J'] },
      { text: 'shortcuts.previous', keys: ['K'] },
      { text: 'shortcuts.openThread', keys: ['Enter'] },
      { text: 'shortcuts.reply', keys: ['R'] },
      { text: 'shortcuts.template', keys: ['W'] },
      { text: 'shortcuts.note', keys: ['N'] },
      { text: 'shortcuts.mine', keys: ['I'] },
      { text: 'shortcuts.assign', keys: ['A'] },
      { text: 'shortcuts.tag', keys: ['T'] },
      { text: 'shortcuts.close', keys: ['E'] },
      { text: 'shortcuts.snooze', keys: ['S'] },
      { text: 'shortcuts.macro', keys: ['M'] },
      { text: 'shortcuts.undo', keys: ['Z'] },
      { text: 'shortcuts.choose', keys: ['X'] },
    ],
  },
  {
    title: 'shortcuts.groupGo',
    lines: [
      { text: 'shortcuts.search', keys: ['/'] },
      { text: 'shortcuts.goInbox', keys: ['G', 'I'] },
      { text: 'shortcuts.goMine', keys: ['G', 'M'] },
      { text: 'shortcuts.goUnassigned', keys: ['G', 'U'] },
      { text: 'shortcuts.goNotices', keys: ['G', 'N'] },
      { text: 'shortcuts.palette', keys: ['mod+K'] },
    ],
  },
  {
    title: 'shortcuts.groupHelp',
    lines: [
      { text: 'shortcuts.map', keys: ['?'] },
      { text: 'shortcuts.escape', keys: ['Esc'] },
    ],
  },
];

export function KeyboardMap({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const on = useStore(singleKeys);
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      {/* Longer than a low screen, and nothing in it takes the focus: the arrow keys scroll it all the same. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <div className={styles.groups} tabIndex={0}>
        {!on && <p className={styles.note}>{t('shortcuts.off')}</p>}
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <ul>
              {group.lines.map((line) => (
                <li key={line.text}>
                  {t(line.text)}
                  <span className={styles.keys}>
                    <Keys keys={line.keys} />
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ keys }: { keys: string[] }) {
  const { t } = useTranslation();
  const [first = '', second] = keys.map((key) => key.replace('mod', modifierName()));
  return (
    <>
      <kbd>{first}</kbd>
      {second && (
        <>
          {t('shortcuts.then')}
          <kbd>{second}</kbd>
        </>
      )}
    </>
  );
}
