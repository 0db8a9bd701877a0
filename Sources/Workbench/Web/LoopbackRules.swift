/// Who may ask for what. The port can be reached by every page that the same browser shows, and by any name
/// that leads to this machine: so a request must name the server as it names itself, and come from its own page.
struct LoopbackRules: Hashable, Sendable {
    var port: UInt16

    /// As `Host` may name the server.
    private var names: [String] {
        let hosts = ["127.0.0.1", "localhost"]
        return hosts.map { "\($0):\(port)" } + (port == 80 ? hosts : [])
    }

    /// - Throws: `WebRefusal`.
    func check(_ head: RequestHead) throws(WebRefusal) {
        guard let host = head["host"]?.lowercased(), names.contains(host) else {
            throw WebRefusal(.misdirectedRequest, "this server is \(names.joined(separator: " or ")), and nothing else")
        }
        if let origin = head["origin"] {
            guard origin.lowercased() == "http://\(host)" else {
                throw WebRefusal(.forbidden, "another page may not use this bench")
            }
        } else if head.isUpgrade || !["GET", "HEAD"].contains(head.method) {
            throw WebRefusal(.forbidden, "a browser says which page asks: the field Origin is missing")
        }
        // To open a page is to navigate to it, wherever the link stood; everything else is its own affair.
        if let site = head["sec-fetch-site"], !["same-origin", "none"].contains(site),
            head["sec-fetch-mode"] != "navigate"
        {
            throw WebRefusal(.forbidden, "another page may not use this bench")
        }
        if head.method == "POST", head["x-solderless"] != "1" {
            throw WebRefusal(.forbidden, "the field X-Solderless: 1 is missing")
        }
    }
}

extension RequestHead {
    /// Whether it asks for a WebSocket.
    var isUpgrade: Bool { self["upgrade"] != nil || has("upgrade", in: "connection") }
}
