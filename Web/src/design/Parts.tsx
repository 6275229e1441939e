import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../shared/ui/Avatar';
import { Button, IconButton } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { Dialog } from '../shared/ui/Dialog';
import { Check, CheckList, Field, SelectField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { Icon, iconNames } from '../shared/ui/Icon';
import { Menu } from '../shared/ui/Menu';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import styles from './DesignPage.module.css';

/** One state of a part, with its name. */
function State({ name, focus, children }: { name: string; focus?: boolean; children: ReactNode }) {
  return (
    <div className={styles.state}>
      <small>{name}</small>
      <div className={focus ? styles.focused : undefined}>{children}</div>
    </div>
  );
}

export function Buttons() {
  const { t } = useTranslation();
  const text = t('design.sample');
  return (
    <div className={styles.states}>
      {(['plain', 'primary'] as const).map((look) => (
        <div key={look} className={styles.row}>
          <State name={t('design.rest')}>
            <Button look={look}>{text}</Button>
          </State>
          <State name={t('design.focus')} focus>
            <Button look={look}>{text}</Button>
          </State>
          <State name={t('design.off')}>
            <Button look={look} disabled>
              {text}
            </Button>
          </State>
          <State name={t('design.busy')}>
            <Button look={look} aria-disabled="true" aria-busy="true">
              {text}
            </Button>
          </State>
        </div>
      ))}
      <State name={t('design.long')}>
        <Button>{t('design.sampleLong')}</Button>
      </State>
      <div className={styles.row}>
        <State name={t('design.rest')}>
          <IconButton icon="gear" label={t('settings.title')} keys="G" />
        </State>
        <State name={t('design.focus')} focus>
          <IconButton icon="gear" label={t('settings.title')} />
        </State>
        <State name={t('design.off')}>
          <IconButton icon="gear" label={t('settings.title')} disabled />
        </State>
      </div>
    </div>
  );
}

export function Fields() {
  const { t } = useTranslation();
  const name = t('design.person');
  return (
    <div className={styles.cards}>
      <State name={t('design.rest')}>
        <Field label={name} hint={t('design.sampleHint')} defaultValue="田中 結衣" />
      </State>
      <State name={t('design.focus')} focus>
        <Field label={name} defaultValue="Bruno Esteves" />
      </State>
      <State name={t('design.wrong')}>
        <Field label={name} problem={t('design.sampleWrong')} />
      </State>
      <State name={t('design.off')}>
        <Field label={name} defaultValue="田中 結衣" readOnly />
      </State>
      <State name={t('design.long')}>
        <Field label={t('design.sampleLong')} defaultValue={t('design.sampleLong')} />
      </State>
      <State name={t('design.rest')}>
        <SelectField label={name}>
          <option>田中 結衣</option>
          <option>{t('design.sampleLong')}</option>
        </SelectField>
      </State>
    </div>
  );
}

export function Choices() {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('two');
  const [many, setMany] = useState(['one']);
  const options = [
    { value: 'one', label: '田中 結衣' },
    { value: 'two', label: 'Bruno Esteves' },
  ];
  return (
    <div className={styles.cards}>
      <State name={t('design.rest')}>
        <Choice label={t('design.person')} value={chosen} options={options} onChange={setChosen} />
      </State>
      <State name={t('design.rest')}>
        <Check label={t('design.sample')} hint={t('design.sampleHint')} defaultChecked />
      </State>
      <State name={t('design.off')}>
        <Check label={t('design.sample')} disabled />
      </State>
      <State name={t('design.long')}>
        <CheckList
          label={t('design.person')}
          options={[...options, { value: 'long', label: t('design.sampleLong') }]}
          chosen={many}
          empty=""
          onChange={setMany}
        />
      </State>
      <State name={t('design.nothing')}>
        <CheckList
          label={t('design.choices')}
          options={[]}
          chosen={[]}
          empty={t('design.nothing')}
          onChange={setMany}
        />
      </State>
    </div>
  );
}

export function Floating() {
  const { t } = useTranslation();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<'menu' | 'dialog' | null>(null);
  const options = ['田中 結衣', 'Bruno Esteves', t('design.sampleLong')];
  const close = () => setOpen(null);
  return (
    <div className={styles.states}>
      <div className={styles.row}>
        <Button ref={anchor} aria-haspopup="dialog" onClick={() => setOpen('menu')}>
          {t('design.openMenu')}
          <Icon name="down" size={16} />
        </Button>
        <Button onClick={() => setOpen('dialog')}>{t('design.openDialog')}</Button>
        <Button onClick={() => toast(t('design.toast'), { label: t('design.undo'), run: () => undefined })}>
          {t('design.showToast')}
        </Button>
        <IconButton icon="question" label={t('design.tooltip')} />
      </div>
      <Problem>{t('design.sampleWrong')}</Problem>
      {open === 'menu' && (
        <Menu
          anchor={anchor}
          label={t('design.openMenu')}
          options={options.map((label) => ({ key: label, value: label, label }))}
          chosen="Bruno Esteves"
          searchable
          onChoose={(label) => toast(label)}
          onClose={close}
        />
      )}
      {open === 'dialog' && (
        <Dialog title={t('design.sample')} lead={t('design.sampleHint')} onClose={close}>
          <div className={styles.dialog}>
            <Field label={t('design.person')} data-autofocus />
            <Problem>{t('design.sampleWrong')}</Problem>
            <FormFoot>
              <Button onClick={close}>{t('settings.cancel')}</Button>
              <Button look="primary" onClick={close}>
                {t('settings.save')}
              </Button>
            </FormFoot>
          </div>
        </Dialog>
      )}
    </div>
  );
}

export function States() {
  const { t } = useTranslation();
  return (
    <div className={styles.cards}>
      <div className={styles.card}>
        <EmptyState icon="inbox" title={t('design.nothing')} text={t('design.sampleHint')}>
          <Button>{t('design.sample')}</Button>
        </EmptyState>
      </div>
      <div className={styles.card}>
        <ErrorState
          title={t('errors.pageTitle')}
          text={t('design.sampleHint')}
          onRetry={() => toast(t('design.toast'))}
        />
      </div>
      <div className={`${styles.card} ${styles.bones}`}>
        <Bone width={36} height={36} round />
        <Bone width="80%" />
        <Bone width="60%" />
        <Bone width="100%" height={60} />
      </div>
    </div>
  );
}

const names = [
  '田中 結衣',
  'Bruno Esteves',
  'Amina Khalil',
  '陳 怡君',
  '+81 90-1234-5678',
  '佐藤 健一',
  'Grace Miller',
];

export function People() {
  return (
    <>
      <div className={styles.row}>
        {names.map((name, index) => (
          <Avatar key={name} id={name} name={name} whatsapp={index % 2 === 0} />
        ))}
        <Avatar id="small" name="田中 結衣" size="small" />
        <Avatar id="large" name="Bruno Esteves" size="large" />
      </div>
      <ul className={styles.icons}>
        {iconNames.map((name) => (
          <li key={name}>
            <Icon name={name} size={20} />
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
