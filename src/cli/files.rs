//! The section of `--help` about files and the environment.

use crate::store::Paths;

/// Where posttui keeps what, as it is on this machine.
pub fn help() -> String {
    let folders = match Paths::find() {
        Ok(paths) => format!(
            "  {config}/keys.toml  your own keys: only what differs from those that F1 shows
  {config}/options.toml  options of every send, such as timeout = 20
  {config}/settings.toml  keyring = \"off\": secrets are in a file, not in the keyring of the desktop
  {config}/environments  what {{{{ names }}}} stand for, a TOML file each
  {config}/history.toml  how long the history keeps what
  {config}/masks.toml  what is secret in your house
  {data}  the history, the unsent draft, the cookies, the secrets of environments, your own saved requests, and those deleted
  {cache}  what can be made again",
            config = paths.config.display(),
            data = paths.data.display(),
            cache = paths.cache.display(),
        ),
        Err(error) => format!("  {error}"),
    };
    format!(
        "Files:
{folders}

Environment:
  POSTTUI_HOME  one folder for all of these files, in place of the usual ones
  POSTTUI_SECRET_NAME  the value of the secret variable `name`
  NO_COLOR      no colours when set to anything
  POSTTUI_NO_WAL  the history is on a network folder that is not known as one, when set to 1
  POSTTUI_IMAGES  how images are drawn: auto, kitty, iterm2, sixel or blocks
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY  the proxy to send through"
    )
}
