fn main() -> std::process::ExitCode {
    posttui::cli::run(std::env::args_os())
}
