//! stub
use crate::Shared;
pub(crate) async fn run(_market: Shared) {}
