import { api, expect, test } from '../console.mjs';

test('a customer becomes a record: named with kana in the panel, in the list in kana order, with everything on the timeline; in Japanese', async ({
  agent,
  customer,
}) => {
  const { page } = agent;
  // A family of this run's own, so that the list can be narrowed down to it.
  const family = customer.name.slice(-5);
  await api('POST', 'contacts', { familyName: `青木${family}`, givenName: '一', familyReading: 'アオキ' });
  await api('POST', 'contacts', { familyName: `渡辺${family}`, givenName: '二', familyReading: 'わたなべ' });
  await customer.writes('注文について教えてください');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await agent.speaks('日本語');

  const write = async (field, value) => {
    await page.getByTestId(`contact-${field}`).click();
    await page.getByTestId(`contact-${field}-input`).fill(value);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId(`contact-${field}`)).toContainText(value);
  };
  await page.getByTestId('contact-all').click();
  await write('familyName', `田中${family}`);
  await write('familyReading', 'たなか');
  await write('givenName', '結衣');
  // What threads show follows at once.
  await expect(page.getByTestId('thread-row').filter({ hasText: `田中${family} 結衣` })).toBeVisible();

  await page.getByTestId('contact-mobilePhone').click();
  await page.getByTestId('contact-mobilePhone-input').fill('電話して');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: '電話番号の形式ではありません' })).toBeVisible();
  await expect(page.getByTestId('contact-mobilePhone-input')).toHaveValue('電話して');
  await page.keyboard.press('Escape');

  await page.getByTestId('contact-open').click();
  await expect(page.getByTestId('contact-title')).toContainText(`田中${family} 結衣`);
  await write('honorific', '様');
  await page.getByTestId('toast-action').click();
  await expect(page.getByTestId('contact-honorific')).not.toContainText('様');
  await expect(page.getByTestId('contact-threads').getByRole('listitem')).toHaveCount(1);
  await expect(page.getByTestId('contact-tickets').getByRole('listitem')).toHaveCount(1);
  const timeline = page.getByTestId('timeline');
  await expect(timeline.locator('[data-kind=session_opened]')).toHaveCount(1);
  await expect(timeline.locator('[data-kind=changed]').filter({ hasText: 'たなか' })).toBeVisible();

  await page.getByTestId('rail-records').click();
  await page.getByTestId('record-search').fill(family);
  await expect(page.getByTestId('contact-row')).toHaveCount(3);
  await expect(page.getByTestId('contact-row').locator('b')).toHaveText([
    `青木${family} 一`,
    `田中${family} 結衣`,
    `渡辺${family} 二`,
  ]);
  await page.goBack();
  await agent.speaks('English');
});

test('several contacts with a number are shown in the panel, one is chosen, and that is taken back', async ({ agent, customer }) => {
  const { page } = agent;
  for (const name of ['First', 'Second'])
    await api('POST', 'contacts', { familyName: `${name} ${customer.name}`, mobilePhone: `+${customer.waId}` });
  await customer.writes('Guess who');
  await page.getByTestId('thread-row').filter({ hasText: customer.name }).first().click();
  await expect(page.getByTestId('contact-matches')).toContainText('2 other contacts have this number');
  await page.getByTestId('contact-matches').getByRole('listitem').filter({ hasText: 'Second' }).getByTestId('match-choose').click();
  await expect(page.getByRole('heading', { name: `Second ${customer.name}` }).first()).toBeVisible();
  await page.getByTestId('toast-action').click();
  await expect(page.getByTestId('contact-matches')).toContainText('2 other contacts have this number');
  await page.getByTestId('match-apart').click();
  await expect(page.getByTestId('contact-matches')).toHaveCount(0);
});
