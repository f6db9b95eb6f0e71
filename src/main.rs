fn main() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let p = posttui::demo::Playground::start(None).await?;
        posttui::tui::run(posttui::tui::Options {
            draft: Some(posttui::demo::sample(&p.url())),
            playground: Some(p.url()),
        })
        .await
    })
}
