//! posttui.
