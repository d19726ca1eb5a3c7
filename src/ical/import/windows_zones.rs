//! The names that Windows, and so Outlook and Exchange, has for time zones, and the IANA zones that they mean.
//!
//! The pairs are those of CLDR's `windowsZones` for the whole world (territory 001); the third column is what Windows
//! shows to people in English, without the offset in front, which older Exchange servers write as a zone's id.

/// A name of Windows, the IANA zone, and the names that are shown for it, separated by `|`.
const ZONES: &[(&str, &str, &str)] = &[
    ("Afghanistan Standard Time", "Asia/Kabul", "Kabul"),
    ("Alaskan Standard Time", "America/Anchorage", "Alaska"),
    ("Alberta Standard Time", "America/Edmonton", ""),
    ("Aleutian Standard Time", "America/Adak", ""),
    ("Altai Standard Time", "Asia/Barnaul", ""),
    ("Arab Standard Time", "Asia/Riyadh", "Kuwait, Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai", "Abu Dhabi, Muscat"),
    ("Arabic Standard Time", "Asia/Baghdad", "Baghdad"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires", "Buenos Aires|City of Buenos Aires"),
    ("Astrakhan Standard Time", "Europe/Astrakhan", ""),
    ("Atlantic Standard Time", "America/Halifax", "Atlantic Time (Canada)"),
    ("AUS Central Standard Time", "Australia/Darwin", "Darwin"),
    ("Aus Central W. Standard Time", "Australia/Eucla", ""),
    ("AUS Eastern Standard Time", "Australia/Sydney", "Canberra, Melbourne, Sydney"),
    ("Azerbaijan Standard Time", "Asia/Baku", "Baku"),
    ("Azores Standard Time", "Atlantic/Azores", "Azores"),
    ("Bahia Standard Time", "America/Bahia", ""),
    ("Bangladesh Standard Time", "Asia/Dhaka", ""),
    ("Belarus Standard Time", "Europe/Minsk", ""),
    ("Bougainville Standard Time", "Pacific/Bougainville", ""),
    ("British Columbia Standard Time", "America/Vancouver", ""),
    ("Canada Central Standard Time", "America/Regina", "Saskatchewan"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde", "Cape Verde Islands"),
    ("Caucasus Standard Time", "Asia/Yerevan", "Baku, Tbilisi, Yerevan|Yerevan"),
    ("Cen. Australia Standard Time", "Australia/Adelaide", "Adelaide"),
    ("Central America Standard Time", "America/Guatemala", "Central America"),
    ("Central Asia Standard Time", "Asia/Bishkek", "Astana, Dhaka"),
    ("Central Brazilian Standard Time", "America/Cuiaba", "Manaus"),
    ("Central Europe Standard Time", "Europe/Budapest", "Belgrade, Bratislava, Budapest, Ljubljana, Prague"),
    ("Central European Standard Time", "Europe/Warsaw", "Sarajevo, Skopje, Warsaw, Zagreb"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal", "Magadan, Solomon Islands, New Caledonia"),
    ("Central Standard Time", "America/Chicago", "Central Time (US and Canada)"),
    (
        "Central Standard Time (Mexico)",
        "America/Mexico_City",
        "Guadalajara, Mexico City, Monterrey|Guadalajara, Mexico City, Monterrey - New",
    ),
    ("Chatham Islands Standard Time", "Pacific/Chatham", ""),
    ("China Standard Time", "Asia/Shanghai", "Beijing, Chongqing, Hong Kong, Urumqi"),
    ("Cuba Standard Time", "America/Havana", ""),
    ("Dateline Standard Time", "Etc/GMT+12", "International Date Line West"),
    ("E. Africa Standard Time", "Africa/Nairobi", "Nairobi"),
    ("E. Australia Standard Time", "Australia/Brisbane", "Brisbane"),
    ("E. Europe Standard Time", "Europe/Chisinau", "Minsk"),
    ("E. South America Standard Time", "America/Sao_Paulo", "Brasilia"),
    ("Easter Island Standard Time", "Pacific/Easter", ""),
    ("Eastern Standard Time", "America/New_York", "Eastern Time (US and Canada)"),
    ("Eastern Standard Time (Mexico)", "America/Cancun", ""),
    ("Egypt Standard Time", "Africa/Cairo", "Cairo"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg", "Ekaterinburg"),
    ("Fiji Standard Time", "Pacific/Fiji", "Fiji, Kamchatka, Marshall Is."),
    (
        "FLE Standard Time",
        "Europe/Kyiv",
        "Helsinki, Kiev, Riga, Sofia, Tallinn, Vilnius|Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius",
    ),
    ("Georgian Standard Time", "Asia/Tbilisi", "Tbilisi"),
    (
        "GMT Standard Time",
        "Europe/London",
        "Dublin, Edinburgh, Lisbon, London|Greenwich Mean Time: Dublin, Edinburgh, Lisbon, London",
    ),
    ("Greenland Standard Time", "America/Nuuk", "Greenland"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik", "Monrovia, Reykjavik"),
    ("GTB Standard Time", "Europe/Bucharest", "Athens, Bucharest|Athens, Bucharest, Istanbul"),
    ("Haiti Standard Time", "America/Port-au-Prince", ""),
    ("Hawaiian Standard Time", "Pacific/Honolulu", "Hawaii"),
    ("India Standard Time", "Asia/Kolkata", "Chennai, Kolkata, Mumbai, New Delhi"),
    ("Iran Standard Time", "Asia/Tehran", "Tehran"),
    ("Israel Standard Time", "Asia/Jerusalem", "Jerusalem"),
    ("Jordan Standard Time", "Asia/Amman", "Amman"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad", ""),
    ("Korea Standard Time", "Asia/Seoul", "Seoul"),
    ("Libya Standard Time", "Africa/Tripoli", ""),
    ("Line Islands Standard Time", "Pacific/Kiritimati", ""),
    ("Lord Howe Standard Time", "Australia/Lord_Howe", ""),
    ("Magadan Standard Time", "Asia/Magadan", ""),
    ("Magallanes Standard Time", "America/Punta_Arenas", ""),
    ("Manitoba Standard Time", "America/Winnipeg", ""),
    ("Marquesas Standard Time", "Pacific/Marquesas", ""),
    ("Mauritius Standard Time", "Indian/Mauritius", "Port Louis"),
    ("Middle East Standard Time", "Asia/Beirut", "Beirut"),
    ("Montevideo Standard Time", "America/Montevideo", "Montevideo"),
    ("Morocco Standard Time", "Africa/Casablanca", "Casablanca"),
    ("Mountain Standard Time", "America/Denver", "Mountain Time (US and Canada)"),
    (
        "Mountain Standard Time (Mexico)",
        "America/Mazatlan",
        "Chihuahua, La Paz, Mazatlan|Chihuahua, La Paz, Mazatlan - New",
    ),
    ("Myanmar Standard Time", "Asia/Yangon", "Yangon (Rangoon)"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk", "Almaty, Novosibirsk"),
    ("Namibia Standard Time", "Africa/Windhoek", "Windhoek"),
    ("Nepal Standard Time", "Asia/Kathmandu", "Kathmandu"),
    ("New Zealand Standard Time", "Pacific/Auckland", "Auckland, Wellington"),
    ("Newfoundland Standard Time", "America/St_Johns", "Newfoundland"),
    ("Norfolk Standard Time", "Pacific/Norfolk", ""),
    ("North Asia East Standard Time", "Asia/Irkutsk", "Irkutsk, Ulaanbaatar"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk", "Krasnoyarsk"),
    ("North Korea Standard Time", "Asia/Pyongyang", ""),
    ("Omsk Standard Time", "Asia/Omsk", ""),
    ("Pacific SA Standard Time", "America/Santiago", "Santiago"),
    (
        "Pacific Standard Time",
        "America/Los_Angeles",
        "Pacific Time (US and Canada)|Pacific Time (US and Canada); Tijuana",
    ),
    ("Pacific Standard Time (Mexico)", "America/Tijuana", "Tijuana, Baja California"),
    ("Pakistan Standard Time", "Asia/Karachi", "Islamabad, Karachi"),
    ("Paraguay Standard Time", "America/Asuncion", "Asuncion"),
    ("Qyzylorda Standard Time", "Asia/Qyzylorda", ""),
    ("Romance Standard Time", "Europe/Paris", "Brussels, Copenhagen, Madrid, Paris"),
    ("Russia Time Zone 10", "Asia/Srednekolymsk", ""),
    ("Russia Time Zone 11", "Asia/Kamchatka", "Petropavlovsk-Kamchatsky"),
    ("Russia Time Zone 3", "Europe/Samara", ""),
    ("Russian Standard Time", "Europe/Moscow", "Moscow, St. Petersburg|Moscow, St. Petersburg, Volgograd"),
    ("SA Eastern Standard Time", "America/Cayenne", "Georgetown"),
    ("SA Pacific Standard Time", "America/Bogota", "Bogota, Lima, Quito"),
    ("SA Western Standard Time", "America/La_Paz", "Georgetown, La Paz, San Juan"),
    ("Saint Pierre Standard Time", "America/Miquelon", ""),
    ("Sakhalin Standard Time", "Asia/Sakhalin", ""),
    ("Samoa Standard Time", "Pacific/Apia", ""),
    ("Sao Tome Standard Time", "Africa/Sao_Tome", ""),
    ("Saratov Standard Time", "Europe/Saratov", ""),
    ("SE Asia Standard Time", "Asia/Bangkok", "Bangkok, Hanoi, Jakarta"),
    ("Singapore Standard Time", "Asia/Singapore", "Kuala Lumpur, Singapore"),
    ("South Africa Standard Time", "Africa/Johannesburg", "Harare, Pretoria"),
    ("South Sudan Standard Time", "Africa/Juba", ""),
    ("Sri Lanka Standard Time", "Asia/Colombo", "Sri Jayawardenepura"),
    ("Sudan Standard Time", "Africa/Khartoum", ""),
    ("Syria Standard Time", "Asia/Damascus", ""),
    ("Taipei Standard Time", "Asia/Taipei", "Taipei"),
    ("Tasmania Standard Time", "Australia/Hobart", "Hobart"),
    ("Tocantins Standard Time", "America/Araguaina", ""),
    ("Tokyo Standard Time", "Asia/Tokyo", "Osaka, Sapporo, Tokyo"),
    ("Tomsk Standard Time", "Asia/Tomsk", ""),
    ("Tonga Standard Time", "Pacific/Tongatapu", "Nuku'alofa"),
    ("Transbaikal Standard Time", "Asia/Chita", ""),
    ("Turkey Standard Time", "Europe/Istanbul", "Istanbul"),
    ("Turks And Caicos Standard Time", "America/Grand_Turk", ""),
    ("Ulaanbaatar Standard Time", "Asia/Ulaanbaatar", ""),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis", "Indiana (East)"),
    ("US Mountain Standard Time", "America/Phoenix", "Arizona"),
    ("UTC", "Etc/UTC", "Coordinated Universal Time"),
    ("UTC+12", "Etc/GMT-12", ""),
    ("UTC+13", "Etc/GMT-13", ""),
    ("UTC-02", "Etc/GMT+2", "Mid-Atlantic"),
    ("UTC-08", "Etc/GMT+8", ""),
    ("UTC-09", "Etc/GMT+9", ""),
    ("UTC-11", "Etc/GMT+11", ""),
    ("Venezuela Standard Time", "America/Caracas", "Caracas"),
    ("Vladivostok Standard Time", "Asia/Vladivostok", "Vladivostok"),
    ("Volgograd Standard Time", "Europe/Volgograd", ""),
    ("W. Australia Standard Time", "Australia/Perth", "Perth"),
    ("W. Central Africa Standard Time", "Africa/Lagos", "West Central Africa"),
    ("W. Europe Standard Time", "Europe/Berlin", "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"),
    ("W. Mongolia Standard Time", "Asia/Hovd", ""),
    ("West Asia Standard Time", "Asia/Tashkent", "Tashkent"),
    ("West Bank Standard Time", "Asia/Hebron", ""),
    ("West Pacific Standard Time", "Pacific/Port_Moresby", "Guam, Port Moresby"),
    ("Yakutsk Standard Time", "Asia/Yakutsk", "Yakutsk"),
    ("Yukon Standard Time", "America/Whitehorse", ""),
];

/// Names that programs such as Lotus Notes write for the zones of the United States; elsewhere they mean others.
const LOOSE: &[(&str, &str)] = &[
    ("Eastern", "America/New_York"),
    ("Central", "America/Chicago"),
    ("Mountain", "America/Denver"),
    ("Pacific", "America/Los_Angeles"),
    ("Alaska", "America/Anchorage"),
    ("Hawaii", "Pacific/Honolulu"),
];

/// Returns the IANA zone that a Windows name means, be it the name itself or what is shown for it.
///
/// An offset in front such as `(UTC-05:00)` is passed over, and so is a number behind, which Outlook adds to tell two
/// definitions of one zone apart.
pub(super) fn iana_name(name: &str) -> Option<&'static str> {
    let name = without_offset(name.strip_prefix("tzone://Microsoft/").unwrap_or(name)).replace('&', "and");
    let name = name.trim();
    find(name).or_else(|| find(without_number(name)))
}

fn find(name: &str) -> Option<&'static str> {
    let same = |known: &str| !name.is_empty() && known.eq_ignore_ascii_case(name);
    ZONES.iter().find(|(windows, _, shown)| same(windows) || shown.split('|').any(same)).map(|(_, iana, _)| *iana)
}

fn without_offset(name: &str) -> &str {
    let inside = name.strip_prefix("(UTC").or_else(|| name.strip_prefix("(GMT"));
    inside.and_then(|inside| inside.split_once(')')).map_or(name, |(_, behind)| behind)
}

fn without_number(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end()
}

/// Returns the IANA zone that a short name most likely means.
pub(super) fn loose_name(name: &str) -> Option<&'static str> {
    let name = name.trim();
    LOOSE.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, iana)| *iana)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::ZoneRules;

    #[test]
    fn every_zone_of_the_table_is_one_of_the_tz_database() {
        let rules = ZoneRules::bundled().unwrap();
        let named = ZONES.iter().map(|(_, iana, _)| iana).chain(LOOSE.iter().map(|(_, iana)| iana));
        let missing: Vec<_> = named.filter(|iana| rules.known_zone(iana).is_err()).collect();
        assert_eq!(missing, Vec::<&&str>::new());
    }

    #[test]
    fn no_name_means_two_zones() {
        let shown = ZONES.iter().flat_map(|(_, _, shown)| shown.split('|').filter(|name| !name.is_empty()));
        let mut names: Vec<String> = ZONES.iter().map(|zone| zone.0).chain(shown).map(str::to_lowercase).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn names_are_found_however_windows_writes_them() {
        let found = [
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("w. europe standard time 1", "Europe/Berlin"),
            ("(UTC-05:00) Eastern Time (US and Canada)", "America/New_York"),
            ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("Russia Time Zone 3", "Europe/Samara"),
            ("tzone://Microsoft/Utc", "Etc/UTC"),
        ];
        for (name, zone) in found {
            assert_eq!(iana_name(name), Some(zone), "{name}");
        }
        for name in ["", "(UTC+01:00)", "Customized Time Zone", "tzone://Microsoft/Custom", "7"] {
            assert_eq!(iana_name(name), None, "{name}");
        }
    }
}
