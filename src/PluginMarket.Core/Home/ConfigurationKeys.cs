namespace PluginMarket.Home;

/// <summary>What Codex takes as the value of a key.</summary>
internal enum ConfigurationKind
{
    /// <summary>A string; a date counts as one.</summary>
    Text,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>An integer from 0.</summary>
    Count,

    /// <summary>A number from 0.</summary>
    Seconds,

    /// <summary>A table.</summary>
    Table,

    /// <summary>A table, or an array whose items Codex takes for the fields by their places; the array is not checked further.</summary>
    Record,

    /// <summary>An array of strings.</summary>
    Texts,

    /// <summary>An array of tables.</summary>
    Tables,

    /// <summary>A table of strings.</summary>
    Names,

    /// <summary>true, false or a table.</summary>
    FlagOrTable,

    /// <summary>"git" or "local".</summary>
    SourceType,

    /// <summary>"trusted" or "untrusted".</summary>
    TrustLevel,

    /// <summary>One of the modes in which a tool of an MCP server is approved.</summary>
    ApprovalMode,
}

/// <summary>The keys of config.toml for which Codex 0.169.0 and 0.171.0 both refuse the whole file where the type is
/// wrong; an interop test asks both.</summary>
/// <remarks>A <c>*</c> stands for any key. Choices that may grow from one version to the next are texts here: a
/// new one must not lock the user out.</remarks>
internal static class ConfigurationKeys
{
    private static readonly (ConfigurationKind Kind, string Keys)[] Lines =
    [
        (ConfigurationKind.Table,
            "marketplaces marketplaces.* plugins plugins.* plugins.*.mcp_servers plugins.*.mcp_servers.*.tools plugins.*.apps"),
        (ConfigurationKind.Record, "plugins.*.mcp_servers.* plugins.*.mcp_servers.*.tools.* plugins.*.apps.* hooks.state.* projects.* "
            + "skills.bundled history sandbox_workspace_write tool_suggest apps.*"),
        (ConfigurationKind.SourceType, "marketplaces.*.source_type"),
        (ConfigurationKind.Text, "marketplaces.*.source marketplaces.*.ref marketplaces.*.last_updated marketplaces.*.last_revision"),
        (ConfigurationKind.Texts,
            "marketplaces.*.sparse_paths plugins.*.mcp_servers.*.enabled_tools plugins.*.mcp_servers.*.disabled_tools"),
        (ConfigurationKind.Flag, "plugins.*.enabled plugins.*.mcp_servers.*.enabled plugins.*.apps.*.enabled"),
        (ConfigurationKind.ApprovalMode,
            "plugins.*.mcp_servers.*.default_tools_approval_mode plugins.*.mcp_servers.*.tools.*.approval_mode"),
        (ConfigurationKind.Table, "features hooks hooks.state projects"),
        (ConfigurationKind.Flag, "features.plugins features.hooks features.remote_plugin features.plugin_sharing features.apps "
            + "features.plugin_hooks hooks.state.*.enabled"),
        (ConfigurationKind.Text, "hooks.state.*.trusted_hash hooks.state.*.trusted_content_hash"),
        (ConfigurationKind.Tables, "hooks.PreToolUse hooks.PermissionRequest hooks.PostToolUse hooks.PreCompact hooks.PostCompact "
            + "hooks.SessionStart hooks.SessionEnd hooks.UserPromptSubmit hooks.SubagentStart hooks.SubagentStop hooks.Stop "
            + "hooks.Interrupt hooks.PreModelRequest hooks.PostModelRequest"),
        (ConfigurationKind.TrustLevel, "projects.*.trust_level"),
        (ConfigurationKind.Tables, "skills.config"),
        (ConfigurationKind.Flag, "skills.bundled.enabled skills.include_instructions"),
        (ConfigurationKind.Table, "agents analytics apps audio auto_review browser_use computer_use desktop feedback ghost_snapshot "
            + "mcp_servers memories model_providers notice orchestrator otel permissions profiles realtime shell_environment_policy tools "
            + "tui windows mcp_servers.* mcp_servers.*.tools profiles.* profiles.*.features"),
        (ConfigurationKind.Flag, "allow_login_shell check_for_update_on_startup disable_paste_burst experimental_use_unified_exec_tool "
            + "hide_agent_reasoning include_apps_instructions include_collaboration_mode_instructions include_environment_context "
            + "include_permissions_instructions show_raw_agent_reasoning suppress_unstable_features_warning"),
        (ConfigurationKind.Flag, "apps.*.enabled apps.*.destructive_enabled apps.*.open_world_enabled mcp_servers.*.enabled "
            + "mcp_servers.*.required mcp_servers.*.supports_parallel_tool_calls sandbox_workspace_write.network_access "
            + "sandbox_workspace_write.exclude_tmpdir_env_var sandbox_workspace_write.exclude_slash_tmp "
            + "shell_environment_policy.ignore_default_excludes shell_environment_policy.experimental_use_profile"),
        (ConfigurationKind.Flag, "analytics.enabled feedback.enabled tui.animations tui.show_tooltips memories.generate_memories "
            + "memories.use_memories otel.log_user_prompt notice.hide_full_access_warning notice.hide_world_writable_warning "
            + "notice.hide_rate_limit_model_nudge agents.interrupt_message model_providers.*.requires_openai_auth "
            + "model_providers.*.supports_websockets"),
        (ConfigurationKind.Text, "apps_mcp_product_sku approvals_reviewer chatgpt_base_url cli_auth_credentials_store compact_prompt "
            + "default_permissions developer_instructions file_opener forced_login_method instructions log_dir mcp_oauth_callback_url "
            + "mcp_oauth_credentials_store model model_catalog_json model_instructions_file model_provider model_reasoning_effort "
            + "model_reasoning_summary model_verbosity openai_base_url oss_provider personality plan_mode_reasoning_effort review_model "
            + "sandbox_mode service_tier sqlite_home web_search"),
        (ConfigurationKind.Text, "history.persistence mcp_servers.*.command mcp_servers.*.url mcp_servers.*.cwd "
            + "mcp_servers.*.bearer_token_env_var model_providers.*.name model_providers.*.base_url model_providers.*.env_key "
            + "model_providers.*.env_key_instructions model_providers.*.wire_api profiles.*.model profiles.*.model_provider "
            + "profiles.*.sandbox_mode shell_environment_policy.inherit otel.environment"),
        (ConfigurationKind.Texts, "notify project_doc_fallback_filenames project_root_markers mcp_servers.*.args "
            + "mcp_servers.*.enabled_tools mcp_servers.*.disabled_tools mcp_servers.*.scopes sandbox_workspace_write.writable_roots "
            + "shell_environment_policy.exclude shell_environment_policy.include_only tui.status_line"),
        (ConfigurationKind.Names,
            "mcp_servers.*.env mcp_servers.*.http_headers mcp_servers.*.env_http_headers model_providers.*.query_params "
                + "model_providers.*.http_headers model_providers.*.env_http_headers shell_environment_policy.set"),
        (ConfigurationKind.Count, "background_terminal_max_timeout mcp_oauth_callback_port project_doc_max_bytes tool_output_token_limit "
            + "history.max_bytes agents.max_threads agents.job_max_runtime_seconds mcp_servers.*.startup_timeout_ms "
            + "model_providers.*.request_max_retries model_providers.*.stream_max_retries model_providers.*.stream_idle_timeout_ms"),
        (ConfigurationKind.Integer, "model_auto_compact_token_limit model_context_window agents.max_depth"),
        (ConfigurationKind.Seconds, "mcp_servers.*.startup_timeout_sec mcp_servers.*.tool_timeout_sec"),
        (ConfigurationKind.FlagOrTable, "tools.web_search"),
    ];

    /// <summary>The keys with what each takes, in an order in which a table comes before what is in it.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } = Read();

    private static List<ConfigurationKey> Read()
    {
        var keys = new List<ConfigurationKey>();
        foreach (var (kind, paths) in Lines)
        {
            foreach (var path in paths.Split(' '))
            {
                keys.Add(new ConfigurationKey(path.Split('.'), kind));
            }
        }

        return [.. keys.OrderBy(key => key.Path.Length)];
    }
}

/// <summary>A key, with what it takes.</summary>
/// <remarks>Not a tuple: what the framework does with a list of those is compiled in each process that starts.</remarks>
/// <param name="Path">The key's parts; <c>*</c> stands for any.</param>
/// <param name="Kind">What it takes.</param>
internal sealed record ConfigurationKey(string[] Path, ConfigurationKind Kind);
