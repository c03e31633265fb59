/** Gives each feature what it needs of the app: features know of one another, and of `app/`, nothing. */
import { provideComposer, provideSignIn } from '../features/compose/context';
import { provideConnection } from '../features/connection/context';
import { provideInbox } from '../features/inbox/context';
import { provideSettings } from '../features/settings/context';
import { provideKeyboard } from '../lib/keyboard.svelte';
import type { App } from './app.svelte';

/** To be called where the page's outermost component begins. */
export function provideFeatures(app: App): void {
  const { backend, views } = app;
  provideKeyboard(app.keyboard);
  provideInbox(app.inbox);
  provideComposer(app.composer);
  const showAccount = () => views.show('settings', 'account');
  provideSignIn(showAccount);
  provideConnection({ backend, showAccount });
  provideSettings({
    backend,
    get noKeyring() {
      return app.snapshot?.notices.some(({ code }) => code === 'no_keyring') ?? false;
    },
    get section() {
      return views.section;
    },
    show: (section) => views.show('settings', section),
  });
}
