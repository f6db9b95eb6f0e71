//! `posttui env`: the environments, and what their names stand for. Values of secrets are never printed.

use crate::{
    app::rich::{Line, Tone},
    model::{Binding, DOTS, Environment, Environments, Redact, Scope},
    store::{EnvironmentFiles, Paths},
    text,
};

use super::{
    Stop,
    exit::Exit,
    output::{self, Look},
};

/// What `posttui env` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    deed: Option<Deed>,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Every environment
    List,
    /// The variables of one environment, those that it inherits included
    Show {
        /// The environment
        name: String,
    },
}

/// Examples for `posttui env --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui env
      every environment, with how many variables and secrets it has
  posttui env show staging
      what {{ names }} stand for there; dots stand for secrets
  posttui send --env staging '{{ base_url }}/users' name=ann
      send with it
  POSTTUI_SECRET_TOKEN=… posttui send --env staging '{{ base_url }}/users' 'X-Token:{{ token }}'
      a secret from the process, in a pipeline for example

The interface edits them (F8, then e), and so does any editor: one TOML file each in the folder
environments of the configuration folder. The values of secrets are kept apart, in the keyring of the
desktop where one answers (keyring = \"off\" in settings.toml says no), else in secrets.toml in the
data folder.";

/// Lists the environments or shows one.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let (files, environments) = read()?;
    let lines = match &arguments.deed {
        None | Some(Deed::List) => list(&environments, &files),
        Some(Deed::Show { name }) => {
            let scope = scope(&environments, Some(name))?;
            show(&scope)
        }
    };
    output::print_lines(Look::stdout(), &lines)?;
    Ok(Exit::Success)
}

/// The environments on disk; what is wrong with a file is told.
pub fn read() -> Result<(EnvironmentFiles, Environments), Stop> {
    let paths = Paths::find().map_err(anyhow::Error::from)?;
    let folder = std::env::current_dir().unwrap_or_default();
    let files = EnvironmentFiles::find(&folder, &paths);
    let environments = files.read();
    for problem in &environments.problems {
        output::complain(problem);
    }
    Ok((files, environments))
}

/// What holds without an environment: the configuration.
pub fn usual() -> Result<Environments, Stop> {
    let paths = Paths::find().map_err(anyhow::Error::from)?;
    let environments = EnvironmentFiles::of(&paths).usual();
    for problem in &environments.problems {
        output::complain(problem);
    }
    Ok(environments)
}

/// Whether an environment of this name is marked as production. What is wrong with the files is for those to
/// tell who read them for the send.
pub fn is_production(name: &str) -> bool {
    let Ok(paths) = Paths::find() else {
        return false;
    };
    let folder = std::env::current_dir().unwrap_or_default();
    let environments = EnvironmentFiles::find(&folder, &paths).read();
    environments.is_production(name)
}

/// What names stand for in an environment.
pub fn scope(environments: &Environments, name: Option<&str>) -> Result<Scope, Stop> {
    environments
        .scope(name)
        .map_err(|error| Stop::usage(&error))
}

fn list(environments: &Environments, files: &EnvironmentFiles) -> Vec<Line> {
    if environments.all.is_empty() {
        let folder = files.folder().display();
        let hint = format!("No environments yet. Each is a TOML file in {folder}.");
        return vec![Line::new(Tone::Plain, &hint)];
    }
    let names = environments.all.iter().map(|it| text::width(&it.name));
    let columns = names.max().unwrap_or(0);
    environments
        .all
        .iter()
        .map(|environment| {
            let is_production = environments.is_production(&environment.name);
            list_line(environment, columns, is_production)
        })
        .collect()
}

fn list_line(environment: &Environment, columns: usize, is_production: bool) -> Line {
    let secrets = environment.variables.iter().filter(|it| it.secret).count();
    let name = text::pad(&environment.name, columns);
    let count = environment.variables.len();
    let words = if count == 1 { "variable" } else { "variables" };
    let mut line = Line::new(Tone::Name, &name).then(
        Tone::Plain,
        &format!("  {count:>3} {words}, {secrets} secret"),
    );
    if let Some(parent) = &environment.extends {
        line = line.then(Tone::Plain, &format!(", extends {parent}"));
    }
    if is_production {
        line = line.then(Tone::Warning, "  PRODUCTION");
    }
    line
}

fn show(scope: &Scope) -> Vec<Line> {
    let names = scope.bindings().iter().map(|it| text::width(&it.name));
    let columns = names.max().unwrap_or(0);
    let lines = scope.bindings().iter().map(|binding| {
        let line = Line::new(Tone::Name, &text::pad(&binding.name, columns))
            .then(Tone::Plain, &format!("  {}", shown_value(binding)));
        match &scope.name {
            Some(name) if *name != binding.origin => {
                line.then(Tone::Dim, &format!("  (from {})", binding.origin))
            }
            _ => line,
        }
    });
    let options = scope.options.iter().flat_map(|layer| {
        let redacted = layer.choices.redacted();
        let line = |(name, text): (&str, &str)| {
            Line::new(Tone::Name, &format!("options.{name}"))
                .then(Tone::Plain, &format!("  {}", text::display(text)))
                .then(Tone::Dim, &format!("  ({})", layer.origin))
        };
        redacted.iter().map(line).collect::<Vec<_>>()
    });
    lines.chain(options).collect()
}

fn shown_value(binding: &Binding) -> String {
    match (binding.secret, binding.value.0.is_empty()) {
        (true, true) => {
            let name = binding.name.to_ascii_uppercase();
            format!("(secret without a value: set it in the interface, or POSTTUI_SECRET_{name})")
        }
        (true, false) => DOTS.to_owned(),
        (false, _) => binding.value.0.clone(),
    }
}
