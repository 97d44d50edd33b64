"""The console: what people of an organization see and do in a browser. Forms do here what the API does elsewhere."""

from litestar.types import ControllerRouterHandler

__all__ = ["admin_handlers"]


def admin_handlers() -> list[ControllerRouterHandler]:
    """List the console's routes, and those of signing in."""
    from . import account, api_keys, audit_log, brands, inbox, links, orders, overview, proof, sales, salespeople
    from . import sign_in, sign_up, upsells, users, webhooks

    return [
        sign_in.show,
        sign_in.enter_,
        sign_in.leave,
        sign_in.magic_link,
        sign_up.show,
        sign_up.register,
        sign_up.show_invitation,
        sign_up.accept,
        sign_up.show_reset,
        sign_up.reset,
        overview.show,
        overview.switch,
        orders.index,
        orders.show,
        orders.act,
        links.new,
        links.make,
        links.show,
        links.mail,
        upsells.index,
        upsells.show,
        webhooks.index,
        webhooks.create,
        webhooks.show,
        webhooks.act,
        webhooks.show_delivery,
        webhooks.retry,
        inbox.index,
        salespeople.index,
        salespeople.create,
        salespeople.show,
        salespeople.change,
        users.index,
        users.create,
        users.show,
        users.act,
        api_keys.index,
        api_keys.act,
        brands.index,
        brands.create,
        brands.show,
        brands.change,
        audit_log.index,
        account.show,
        account.act,
        account.show_second_factor,
        account.act_second_factor,
        proof.show,
        proof.prove,
        sales.show,
        sales.make,
        sales.show_sign_in,
        sales.sign_in,
        sales.sign_out,
    ]
