# Completes pluginmarket in bash. For all sessions: echo 'source <(pluginmarket completion bash)' >> ~/.bashrc
_pluginmarket() {
    local line="${COMP_LINE:0:COMP_POINT}" word last IFS=$'\n'
    COMPREPLY=($("$1" "[suggest:${#line}]" "$line" 2>/dev/null))
    # Bash takes @, = and : for the end of a word: what stands before the last of them is not part of the answer.
    word="${line##*[[:space:]]}"
    last="${word##*["$COMP_WORDBREAKS"]}"
    COMPREPLY=("${COMPREPLY[@]#"${word%"$last"}"}")
}
complete -o default -F _pluginmarket pluginmarket
