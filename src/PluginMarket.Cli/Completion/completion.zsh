#compdef pluginmarket
# Completes pluginmarket in zsh. For all sessions: echo 'source <(pluginmarket completion zsh)' >> ~/.zshrc, behind compinit.
_pluginmarket() {
    local line="${(j: :)words[1,CURRENT-1]} ${PREFIX}"
    local -a found
    found=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
    if (( ${#found} )); then
        compadd -a found
    else
        _files
    fi
}
compdef _pluginmarket pluginmarket
