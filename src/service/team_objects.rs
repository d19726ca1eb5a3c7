//! The services of configured objects that lie in a team: each has the same five calls, written once here.

use super::configured::new_id;
use super::names::{Name, team_name};
use super::request::Fields;
use crate::model::TeamId;

/// A service of objects that lie in a team: its five calls, each done by [`Objects`].
macro_rules! child_service {
    (
        $(#[$doc:meta])*
        $service:ident of $kind:ident ($message:ident) answers $trait:ident:
        create $create:ident($create_request:ident: $id:ident, $field:ident),
        get $get:ident($get_request:ident),
        list $list:ident($list_request:ident) $list_response:ident { $items:ident },
        update $update:ident($update_request:ident),
        delete $delete:ident($delete_request:ident),
        $(also $more:ident($more_request:ident) -> $more_response:ident = $more_call:ident,)*
    ) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $service {
            pub(in $crate::service) objects: $crate::service::configured::Objects<$kind>,
        }

        impl $service {
            /// Returns the service over `desk`.
            #[must_use]
            pub fn new(desk: $crate::roster::Desk) -> Self {
                Self { objects: $crate::service::configured::Objects::new(desk) }
            }
        }

        impl $service {
            pub(in $crate::service) async fn create(&self, asked: v1::$create_request) -> Result<v1::$message, Refusal> {
                let (mut call, asked) = $crate::service::call::Call::read(asked);
                let id = (stringify!($id), asked.$id.as_str());
                let address = $crate::service::team_objects::child(&asked.parent, id, &mut call.wrong);
                self.objects.create(call, address, asked.$field).await
            }

            fn get(&self, asked: v1::$get_request) -> Result<v1::$message, Refusal> {
                self.objects.get(&asked.name, asked.read_time.as_ref())
            }

            fn list(&self, asked: v1::$list_request) -> Result<v1::$list_response, Refusal> {
                let same = v1::$list_request { page_size: 0, page_token: String::new(), ..asked.clone() };
                let part = (asked.page_size, asked.page_token.as_str());
                let page = self.objects.list(&asked.parent, asked.read_time.as_ref(), part, &same)?;
                Ok(v1::$list_response { $items: page.items, next_page_token: page.next_page_token })
            }

            pub(in $crate::service) async fn update(&self, asked: v1::$update_request) -> Result<v1::$message, Refusal> {
                let (call, asked) = $crate::service::call::Call::read(asked);
                self.objects.update(call, asked.$field, asked.update_mask).await
            }

            pub(in $crate::service) async fn delete(&self, asked: v1::$delete_request) -> Result<v1::$message, Refusal> {
                let (call, asked) = $crate::service::call::Call::read(asked);
                self.objects.delete(call, &asked.name, asked.etag, $kind::end).await
            }
        }

        $crate::service::attend::attend! { $service: objects.desk; }

        $crate::service::entry::serve!($trait for $service {
            $create(v1::$create_request) -> v1::$message = create await;
            $get(v1::$get_request) -> v1::$message = get;
            $list(v1::$list_request) -> v1::$list_response = list;
            $update(v1::$update_request) -> v1::$message = update await;
            $delete(v1::$delete_request) -> v1::$message = delete await;
            $($more(v1::$more_request) -> v1::$more_response = $more_call await;)*
        });
    };
}
pub(super) use child_service;

/// Reads the address of what is to be made in a team.
pub fn child<N: Name>(parent: &str, (id_field, id): (&str, &str), wrong: &mut Fields) -> Option<(TeamId, N)> {
    let team = wrong.take(team_name("parent", parent));
    let id = new_id(id_field, id, N::parse, wrong);
    team.zip(id)
}
