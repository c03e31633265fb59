//! Windows' own word, and each change of it. Windows before 11 22H2 has none.

use crate::{DoNotDisturb, Urgent};
use tokio::sync::watch;
use windows::Foundation::TypedEventHandler;
use windows::UI::Notifications::{
    ToastNotificationManager, ToastNotificationManagerForUser, ToastNotificationMode,
};

/// Tells how it is from now on.
pub async fn follow(tell: watch::Sender<Option<DoNotDisturb>>) {
    let told = tell.clone();
    let handler = TypedEventHandler::new(move |_, _| {
        told.send_replace(Some(now()));
        Ok(())
    });
    let listened = manager().and_then(|manager| {
        manager.NotificationModeChanged(&handler)?;
        Ok(manager)
    });
    match listened {
        Ok(manager) => {
            tell.send_replace(Some(now()));
            // What is heard is heard for as long as the manager is held.
            std::future::pending::<()>().await;
            drop(manager);
        }
        Err(error) => {
            tracing::info!(%error, "Windows doesn't say when it is in do-not-disturb");
            tell.send_replace(Some(DoNotDisturb::Unknown));
        }
    }
}

/// How it is now.
pub async fn ask() -> DoNotDisturb {
    now()
}

fn now() -> DoNotDisturb {
    match manager().and_then(|manager| manager.NotificationMode()) {
        Ok(ToastNotificationMode::Unrestricted) => DoNotDisturb::Off,
        // Which apps have priority is the person's to set.
        Ok(_) => DoNotDisturb::On { urgent: Urgent::Unknown },
        Err(_) => DoNotDisturb::Unknown,
    }
}

fn manager() -> windows::core::Result<ToastNotificationManagerForUser> {
    ToastNotificationManager::GetDefault()
}
