//! A program of the test's own on a Wayland desktop: its one window has the focus, so that it may
//! let another program's come to the front, as a notification daemon does with what was clicked.

use std::fs::File;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

use tokio::task::spawn_blocking;
use wayland_client::globals::{GlobalList, GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_buffer::WlBuffer;
use wayland_client::protocol::wl_compositor::WlCompositor;
use wayland_client::protocol::wl_keyboard::{self, WlKeyboard};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::protocol::wl_seat::WlSeat;
use wayland_client::protocol::wl_shm::{Format, WlShm};
use wayland_client::protocol::wl_shm_pool::WlShmPool;
use wayland_client::protocol::wl_surface::WlSurface;
use wayland_client::{Connection, Dispatch, EventQueue, Proxy, QueueHandle, delegate_noop};
use wayland_protocols::xdg::activation::v1::client::xdg_activation_token_v1::{
    self as activation_token, XdgActivationTokenV1,
};
use wayland_protocols::xdg::activation::v1::client::xdg_activation_v1::XdgActivationV1;
use wayland_protocols::xdg::shell::client::xdg_surface::{self, XdgSurface};
use wayland_protocols::xdg::shell::client::xdg_toplevel::XdgToplevel;
use wayland_protocols::xdg::shell::client::xdg_wm_base::{self, XdgWmBase};

use super::session::within;

/// The window's width and height in pixels. Where it gets more room, that stays empty.
const SIZE: i32 = 16;

/// The program. Its window goes when this is dropped.
pub(crate) struct Foreground {
    queue: EventQueue<Heard>,
    globals: GlobalList,
    surface: WlSurface,
    heard: Heard,
}

/// What the compositor has said.
#[derive(Default)]
struct Heard {
    /// The window may be drawn.
    configured: bool,
    /// The window has the focus since the event with this number.
    focused: Option<u32>,
    token: Option<String>,
}

impl Foreground {
    /// Opens the window and waits until it has the focus.
    pub(crate) async fn open(display: &Path) -> Self {
        let display = display.to_owned();
        let open = spawn_blocking(move || Self::open_blocking(&display));
        within("a window in the foreground", open).await.unwrap()
    }

    /// The token by which another program's window may come to the front.
    pub(crate) async fn token(mut self) -> (Self, String) {
        let asked = spawn_blocking(move || {
            let handle = self.queue.handle();
            let activation: XdgActivationV1 = self.globals.bind(&handle, 1..=1, ()).unwrap();
            let seat: WlSeat = self.globals.bind(&handle, 1..=1, ()).unwrap();
            let token = activation.get_activation_token(&handle, ());
            token.set_serial(self.heard.focused.expect("it has the focus"), &seat);
            token.set_surface(&self.surface);
            token.commit();
            self.wait(|heard| heard.token.is_some());
            let token = self.heard.token.take().expect("it was there");
            (self, token)
        });
        within("an activation token", asked).await.unwrap()
    }

    fn open_blocking(display: &Path) -> Self {
        let connection = Connection::from_socket(UnixStream::connect(display).unwrap()).unwrap();
        let (globals, queue) = registry_queue_init::<Heard>(&connection).unwrap();
        let handle = queue.handle();
        let compositor: WlCompositor = globals.bind(&handle, 1..=1, ()).unwrap();
        let shell: XdgWmBase = globals.bind(&handle, 1..=1, ()).unwrap();
        let memory: WlShm = globals.bind(&handle, 1..=1, ()).unwrap();
        let seat: WlSeat = globals.bind(&handle, 1..=1, ()).unwrap();
        seat.get_keyboard(&handle, ());

        let surface = compositor.create_surface(&handle, ());
        let window = shell.get_xdg_surface(&surface, &handle, ());
        window.get_toplevel(&handle, ()).set_app_id("foreground".to_owned());
        surface.commit();
        let mut program = Self { queue, globals, surface, heard: Heard::default() };
        program.wait(|heard| heard.configured);
        // Black: every pixel is nothing.
        let pixels: File = tempfile::tempfile().unwrap();
        let bytes = SIZE * SIZE * 4;
        pixels.set_len(u64::try_from(bytes).unwrap()).unwrap();
        let pool = memory.create_pool(pixels.as_fd(), bytes, &handle, ());
        let buffer = pool.create_buffer(0, SIZE, SIZE, SIZE * 4, Format::Xrgb8888, &handle, ());
        program.surface.attach(Some(&buffer), 0, 0);
        program.surface.commit();
        program.wait(|heard| heard.focused.is_some());
        program
    }

    fn wait(&mut self, until: impl Fn(&Heard) -> bool) {
        while !until(&self.heard) {
            self.queue.blocking_dispatch(&mut self.heard).unwrap();
        }
    }
}

/// Hears what objects of one interface tell.
macro_rules! hear {
    ($object:ty, |$heard:ident, $from:ident, $event:ident| $does:expr) => {
        impl Dispatch<$object, ()> for Heard {
            fn event(
                $heard: &mut Self,
                $from: &$object,
                $event: <$object as Proxy>::Event,
                (): &(),
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
                $does
            }
        }
    };
}

hear!(XdgWmBase, |_heard, shell, event| if let xdg_wm_base::Event::Ping { serial } = event {
    shell.pong(serial);
});
hear!(XdgSurface, |heard, window, event| {
    if let xdg_surface::Event::Configure { serial } = event {
        window.ack_configure(serial);
        heard.configured = true;
    }
});
hear!(WlKeyboard, |heard, _keyboard, event| {
    match event {
        wl_keyboard::Event::Enter { serial, .. } => heard.focused = Some(serial),
        wl_keyboard::Event::Leave { .. } => heard.focused = None,
        _ => {}
    }
});
hear!(XdgActivationTokenV1, |heard, _token, event| {
    if let activation_token::Event::Done { token } = event {
        heard.token = Some(token);
    }
});

impl Dispatch<WlRegistry, GlobalListContents> for Heard {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

delegate_noop!(Heard: WlCompositor);
delegate_noop!(Heard: WlShmPool);
delegate_noop!(Heard: XdgActivationV1);
delegate_noop!(Heard: ignore WlShm);
delegate_noop!(Heard: ignore WlSeat);
delegate_noop!(Heard: ignore WlBuffer);
delegate_noop!(Heard: ignore WlSurface);
delegate_noop!(Heard: ignore XdgToplevel);
