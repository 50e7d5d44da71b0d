// Every command, under the window that may call it. Read twice: by build.rs, which makes a permission of each name,
// and by mod.rs, which makes the handler; so neither can know a command that the other does not.
commands! {
    visitor {
        visitor_boot
        visitor_typing
        visitor_read
        visitor_resend
        visitor_discard
        visitor_reconnect
        visitor_link_code
        visitor_devices
        visitor_revoke
        visitor_link
        visitor_pack
        visitor_pack_flaw
        visitor_pack_up
    }
    operator {
        operator_boot
        operator_setup
        operator_sign_in
        operator_sign_out
        operator_set_online
        operator_open
        operator_history
        operator_send
        operator_close_chat
        operator_typing
        operator_read
        operator_in_view
        operator_resend
        operator_discard
        operator_reconnect
        operator_want
        operator_person
        operator_save_site
        operator_set_groups
        operator_test_mail
    }
    app {
        app_boot
        app_join
        app_host
        app_read_desk
        app_answer_link
        app_quit
        app_secrets_unlock
        app_secrets_choose
        app_secrets_session_only
        app_secrets_again
        app_secrets_anew
        app_secrets
        app_secrets_set_passphrase
        app_secrets_use_keyring
    }
}
