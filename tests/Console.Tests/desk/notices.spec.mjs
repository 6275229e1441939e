import { expect, test } from '../console.mjs';

test('a colleague who is named hears of it at the bell, opens the note from there, and it is seen in the other tab too', async ({
  agent,
  colleague,
  customer,
}) => {
  await customer.writes('Can I pay later?');
  await expect(agent.row(customer)).toBeVisible();
  const { page } = colleague;
  const ofCustomer = (where) => where.getByTestId('notice-item').filter({ hasText: customer.name });
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await tab.getByTestId('bell').click();
  await expect(ofCustomer(tab).filter({ hasText: 'new WhatsApp message' })).toBeVisible();

  await agent.opens(customer);
  await agent.page.getByTestId('message-list').focus();
  await agent.page.keyboard.press('n');
  await agent.page.getByTestId('note-input').pressSequentially('Please check, @');
  await agent.page.getByTestId('menu-search').fill(colleague.name.slice(0, 3));
  await agent.page.keyboard.press('Enter');
  await agent.page.getByTestId('note-add').click();

  // The other tab's panel is open and follows; what is new is shown in passing where the agent looks.
  await expect(ofCustomer(tab).filter({ hasText: 'named you in a note' })).toContainText('Please check');
  await page.bringToFront();
  await page.getByTestId('thread-row').first().focus();
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await expect(page.getByTestId('notice-panel')).toBeVisible();
  await ofCustomer(page).filter({ hasText: 'named you' }).getByRole('button').click();
  await expect(page).toHaveURL(/message=/);
  await expect(page.locator('[data-direction=note]')).toContainText('Please check');

  // Whoever looks at a thread has seen what is told of it, in every tab.
  await expect(ofCustomer(tab)).toHaveCount(0);
  await tab.getByTestId('notices-which').getByText('All').click();
  await expect(ofCustomer(tab)).toHaveCount(2);
  await expect(page.getByTestId('notice-panel')).toHaveCount(0);
});

test('who wants to hear of no messages hears of none, and of mentions all the same; in Japanese', async ({ colleague, customer }) => {
  const { page } = colleague;
  await colleague.speaks('日本語');
  await page.getByTestId('rail-settings').click();
  await page.getByTestId('settings-notifications').click();
  await page.getByTestId('notify-messages').uncheck();
  await expect(page.getByTestId('notify-message').getByRole('checkbox').first()).toBeDisabled();
  await page.getByTestId('notify-quiet').check();
  await expect(page.getByText('翌日')).toBeVisible();
  await page.getByTestId('notify-save').click();
  await expect(page.getByText('保存しました')).toBeVisible();
  try {
    await page.getByTestId('bell').click();
    await customer.writes('誰かいますか');
    // What the others see is there before: that nothing came can be seen.
    await expect
      .poll(() => page.evaluate((q) => fetch(`/api/v1/threads?q=${q}`).then((answer) => answer.json()).then(({ items }) => items.length), customer.waId))
      .toBe(1);
    await expect(page.getByTestId('notice-item').filter({ hasText: customer.name })).toHaveCount(0);
    await page.keyboard.press('Escape');
  } finally {
    await page.reload();
    await page.getByTestId('notify-messages').check();
    await page.getByTestId('notify-quiet').uncheck();
    await page.getByTestId('notify-save').click();
    await expect(page.getByText('保存しました')).toBeVisible();
    await colleague.speaks('English');
  }
});
