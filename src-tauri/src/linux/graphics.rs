//! Works around one fault of one driver before GTK starts.

/// With NVIDIA's driver, WebKitGTK's DMA-BUF renderer shows an empty window. The variable that
/// turns it off has to be there when the process starts, so the process starts itself once more.
pub(super) fn prepare() {
    use std::os::unix::process::CommandExt;
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_nvidia = std::path::Path::new("/proc/driver/nvidia/version").exists();
    if !has_nvidia || std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let error = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec();
        tracing::warn!(%error, "can't start anew without the DMA-BUF renderer");
    }
}
