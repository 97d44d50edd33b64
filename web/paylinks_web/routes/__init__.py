"""The routes, one module a resource: the path of a URL is the path of its file."""

from litestar.types import ControllerRouterHandler

from ..house import House

__all__ = ["handlers"]


def handlers(house: House) -> list[ControllerRouterHandler]:
    """List every route of the application."""
    from ..pages import page_handlers
    from . import checkout, domains, health, salesperson, token, upsell, webhooks
    from .admin import api_keys, audit_log, inbox, orders, organizations, salespeople, settings, users
    from .admin import auth as admin_auth
    from .admin import domains as admin_domains
    from .admin.marketing import marketing_handlers
    from .admin.webhooks import webhook_handlers
    from .auth import accounts, second_factor
    from .auth import links as sign_in_links
    from .documents import document_handlers
    from .providers import provider_handlers

    return [
        token.generate,
        checkout.initialize,
        checkout.complete,
        checkout.get_payment_token,
        upsell.create_session,
        upsell.accept,
        upsell.decline,
        upsell.show_session,
        *provider_handlers(house.plugins),
        webhooks.receive,
        webhooks.receive_postback,
        orders.list_,
        orders.tell,
        orders.refund,
        orders.resolve,
        inbox.list_,
        *webhook_handlers(),
        settings.index,
        settings.change,
        settings.test,
        *marketing_handlers(house.plugins),
        admin_domains.index,
        admin_domains.create,
        admin_domains.verify,
        admin_domains.change,
        admin_domains.remove,
        domains.allowed,
        health.live,
        health.ready,
        *document_handlers(),
        accounts.register,
        accounts.change_password,
        accounts.request_reset,
        accounts.confirm_reset,
        accounts.accept_invitation,
        accounts.reauthenticate,
        sign_in_links.request_magic_link,
        sign_in_links.verify_magic_link,
        *sign_in_links.sign_in_handlers(),
        second_factor.set_up,
        second_factor.confirm,
        second_factor.verify,
        second_factor.disable,
        admin_auth.sign_in,
        admin_auth.show,
        admin_auth.sign_out,
        admin_auth.switch_organization,
        admin_auth.switch_brand,
        users.index,
        users.create,
        users.show,
        users.change,
        users.remove,
        organizations.index,
        organizations.create,
        organizations.brands,
        organizations.create_brand,
        organizations.change_brand,
        api_keys.index,
        api_keys.create,
        api_keys.revoke,
        audit_log.index,
        salespeople.index,
        salespeople.create,
        salespeople.change,
        salesperson.sign_in,
        salesperson.show,
        salesperson.sign_out,
        salesperson.make_link,
        salesperson.links,
        salesperson.earnings,
        *page_handlers(house),
    ]
