/** Starts the page. */
import { mount } from 'svelte';
import { backend } from '$backend';
import { App } from './app/app.svelte';
import Frame from './app/Frame.svelte';
import { languageOf } from './i18n/catalogue';
import { speak } from './i18n/index.svelte';
import './styles/tokens.css';
import './styles/base.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

// Until Rust says which language was chosen, the system's.
speak(languageOf(navigator.languages));

const app = new App(backend);
mount(Frame, { target, props: { app } });
void app.attach();
