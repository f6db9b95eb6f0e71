//! What a history has met: the values that keys of its filter can have.

/// Values of the columns with few different ones, those with the most rows first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Met {
    /// Without their ports.
    pub hosts: Vec<String>,
    pub methods: Vec<String>,
    pub environments: Vec<String>,
    /// Media types of answers.
    pub media: Vec<String>,
    pub tags: Vec<String>,
    /// Of the newest requests.
    pub paths: Vec<String>,
    /// Of header fields that were sent and received.
    pub headers: Vec<String>,
    /// Of fields that were sent.
    pub fields: Vec<String>,
    /// That the user gave to exchanges.
    pub names: Vec<String>,
}

impl Met {
    /// The values for a key of the filter; none for one that is not about such a column.
    pub fn values(&self, key: &str) -> impl Iterator<Item = &str> {
        let values: &[String] = match key {
            "host" => &self.hosts,
            "method" => &self.methods,
            "env" => &self.environments,
            "type" => &self.media,
            "tag" => &self.tags,
            "path" => &self.paths,
            "header" => &self.headers,
            "field" => &self.fields,
            "name" => &self.names,
            _ => &[],
        };
        values.iter().map(String::as_str)
    }
}
