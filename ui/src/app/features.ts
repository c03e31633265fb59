/** Gives each feature what it needs of the desk: features know of one another, and of `app/`, nothing. */
import { provideComposer, provideSignIn } from '../features/compose/context';
import { provideConnection, provideHiddenNotices } from '../features/connection/context';
import { provideDiagnostics } from '../features/diagnostics/context';
import { provideInbox, provideQuieting } from '../features/inbox/context';
import { provideLive } from '../features/live/context';
import { provideAgain, provideSent } from '../features/sent/context';
import { provideSettings } from '../features/settings/context';
import { provideColumns } from '../lib/columns.svelte';
import { provideKeyboard } from '../lib/keyboard.svelte';
import type { Desk } from './desk.svelte';
import { quietingOf } from './quieting';

/** To be called where the page's outermost component begins. */
export function provideFeatures(desk: Desk): void {
  const { backend, views } = desk;
  provideKeyboard({
    get letters() {
      return desk.snapshot.preferences.singleLetters;
    },
  });
  provideColumns(desk.columns);
  provideInbox(desk.inbox);
  provideQuieting(quietingOf(desk));
  provideComposer(desk.composer);
  provideDiagnostics(desk.diagnostics);
  provideLive(desk.live);
  provideSent(desk.sent);
  provideAgain((json) => {
    desk.composer.use(json);
    views.show('compose');
  });
  const showAccount = () => views.show('settings', 'account');
  provideSignIn(showAccount);
  provideConnection({
    backend,
    showAccount,
    get snoozedUntilMs() {
      return desk.snapshot.snoozedUntilMs;
    },
    disconnect: () => (desk.disconnecting = 'this'),
  });
  provideHiddenNotices(desk.hiddenNotices);
  provideSettings({
    backend,
    get noKeyring() {
      return desk.snapshot?.notices.some(({ code }) => code === 'no_keyring') ?? false;
    },
    get section() {
      return views.section;
    },
    get wanted() {
      return views.control;
    },
    reached: () => (views.control = null),
    show: (section) => views.show('settings', section),
  });
}
