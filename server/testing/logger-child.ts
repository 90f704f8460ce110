import path from "node:path"
import { connect } from "@/db/client"
import { makeHub } from "@/server/events"
import { homeAt } from "@/server/kernel/home"
import { silentLog } from "@/server/kernel/log"
import { startCollector } from "@/server/logs"

// A logger of its own to be killed: `<socket folder> <database> <folder of logs>`.
const [socketDir = "", database = "", logs = ""] = process.argv.slice(2)
const home = homeAt("/nowhere")
const connection = connect({ databaseUrl: null, home: { ...home, postgres: { ...home.postgres, socketDir } } }, { max: 3, database })
startCollector({ connection, hub: makeHub(connection), log: silentLog, logFileOf: (replica) => path.join(logs, `${replica}.log`) })
