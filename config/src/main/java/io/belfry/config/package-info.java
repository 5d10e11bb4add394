/// The settings of both nodes: validated records, one documented file of defaults
/// (`reference.conf`), and {@link io.belfry.config.ConfigReader}, the only code that looks at
/// configuration files and the environment.
///
/// Settings are read once, at the start; nothing here changes while the server runs.
@NullMarked
package io.belfry.config;

import org.jspecify.annotations.NullMarked;
